-- Reports for many creators are of any period that fits them all: of so many days, of a month, of two dates; not of a run.
alter table report_runs drop constraint report_runs_period_check;
alter table report_runs add constraint report_runs_period_check
check (period ~ '^(7d|30d|90d|this-month|last-month|[0-9]{4}-[0-9]{2}-[0-9]{2}[.][.][0-9]{4}-[0-9]{2}-[0-9]{2})$');
alter table report_runs add column compare text not null default 'before' check (compare in ('before', 'last-year'));
