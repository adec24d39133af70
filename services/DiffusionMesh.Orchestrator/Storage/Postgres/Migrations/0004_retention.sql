-- Images and states that were deleted before their search.
alter table searches add column images_dropped boolean not null default false;

create index searches_ended on searches (end_time) where end_time is not null;
