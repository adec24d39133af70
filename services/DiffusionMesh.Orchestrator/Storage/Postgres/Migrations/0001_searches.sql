create table searches (
    sequence bigint generated always as identity unique,
    id text primary key,
    tenant text not null,
    request_id text not null,
    -- SearchHeader
    header bytea not null,
    epoch bigint not null default 0,
    orchestrator text not null default '',
    last_number bigint not null default 0,
    -- Time of the last entry, if that is the end of the search.
    end_time timestamptz,
    cancel_requested boolean not null default false
);
create unique index searches_request on searches (tenant, request_id) where request_id <> '';
create index searches_tenant on searches (tenant, sequence desc);
create index searches_unfinished on searches (sequence) where end_time is null;

create table journal (
    search_id text not null references searches (id) on delete cascade,
    number bigint not null,
    -- JournalEntry
    entry bytea not null,
    primary key (search_id, number)
);

-- Pixels of images and values of latents, by their digest.
create table blobs (
    search_id text not null references searches (id) on delete cascade,
    digest text not null,
    data bytea not null,
    primary key (search_id, digest)
);
alter table blobs alter column data set storage external;
