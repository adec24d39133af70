alter table searches
    -- The epoch in which it was created or reopened: it waits until somebody takes it on, who raises its epoch.
    add column admitted_epoch bigint not null default 0,
    -- What it will not pay again if it is reopened, in NFE, as of its end.
    add column nfe_kept bigint not null default 0;
drop index searches_waiting;
create index searches_waiting on searches (place) where end_time is null and epoch = admitted_epoch;
create index searches_flow on searches (tenant, priority, finish) where end_time is null;

-- Of fair queueing: where the service ends that searches of a tenant and priority have had. Outlives them.
create table flows (
    tenant text not null,
    priority int not null,
    finish bigint not null,
    primary key (tenant, priority)
);
insert into flows (tenant, priority, finish)
select tenant, priority, max(finish) from searches where end_time is not null and nfe_total > 0 group by tenant, priority;
