drop table invitations, clients, refresh_tokens, user_grants, users;
