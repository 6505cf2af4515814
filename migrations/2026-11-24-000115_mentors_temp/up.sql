create table mentors (id uuid primary key, institution_id uuid, capacity int not null, status text not null, version bigint not null default 1, updated_at timestamptz not null default now());
