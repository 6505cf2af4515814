drop table agreed_action_reminders;
drop table mails;
drop table notification_settings;
drop table notifications;
drop table calendar_links;
drop index
    agreed_actions_not_done_of_a_business, plans_submitted_to_a_mentor, sessions_unconfirmed_of_a_business,
    sessions_unconfirmed_of_a_mentor, sessions_planned_with_a_business, sessions_planned_with_a_mentor;
