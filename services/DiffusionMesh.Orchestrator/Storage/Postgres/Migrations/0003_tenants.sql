alter table searches
    -- Of fair queueing: where it waits, and where the next of its tenant and priority does.
    add column place bigint not null default 0,
    add column finish bigint not null default 0,
    add column priority int not null default 0,
    -- What it holds of its tenant's quota of a day until it ends, what it had spent when it was reopened, and when it ended.
    add column nfe_day date,
    add column nfe_held bigint not null default 0,
    add column nfe_before bigint not null default 0,
    add column nfe_total bigint not null default 0;
create index searches_waiting on searches (place) where end_time is null and epoch = 0;

-- What the searches of a tenant hold or have spent of a day, UTC. Outlives them.
create table nfe_days (
    tenant text not null,
    day date not null,
    nfe bigint not null,
    primary key (tenant, day)
);
