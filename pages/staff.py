"""The staff page: all creators, accounts and the audit log."""

import streamlit as st

from database.time_zones import time_zones
from database.workers import workers_heard
from queries.staff import accounts, audit_log, creator_states, failures
from rules.formatting import grouped
from rules.tiers import opens_the_dashboard
from ui.account.viewer import staff_account
from ui.own_data.removing_demo import remove_demo_button
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.staff.accounts import account_list, audit_list
from ui.staff.cache import cache_levels
from ui.staff.creators import creator_table, creators_found, follow_press
from ui.staff.failures import failure_list, failure_warning
from ui.staff.new_creator import new_creator_form
from ui.staff.reports import latest_runs, staff_reports
from ui.staff.workers import missing_worker_shown

staff_id = staff_account().id

st.title("Staff")
follow_press(staff_id)
with gathering():
    failed, creators = failures(staff_id), creator_states(staff_id)
    listed, log, runs = accounts(staff_id), audit_log(staff_id), latest_runs(staff_id)
    zones = time_zones()
workers = workers_heard()  # of the queue, which belongs to the login role
failure_warning(failed)
missing_worker_shown(workers)
entitled = sum(opens_the_dashboard(creator.subscription_tier) for creator in creators)
stale = sum(bool(creator.waiting_keys or creator.students_to_build) for creator in creators)
st.write(
    f"**{grouped(entitled)}** of {grouped(len(creators))} creators have the dashboard; "
    + (f"**{grouped(stale)}** are waiting for a refresh." if stale else "all figures are up to date.")
)

shown_creators, shown_reports, shown_failures, shown_accounts, shown_log, shown_cache = st.tabs(
    ["Creators", "Reports", "Failures", "Accounts", "Audit log", "Cache"]
)
with shown_creators:
    new_creator_form(staff_id, zones)
    if any(creator.is_demo for creator in creators):
        remove_demo_button()
    if creators:
        creator_table(creators_found(creators))
    else:
        nothing_yet("No creators yet.", "Add one above, or load the demo data with `make demo`.")
with shown_reports:
    staff_reports(staff_id, creators, runs)
with shown_failures:
    failure_list(failed, staff_id)
with shown_accounts:
    account_list(listed, staff_id)
with shown_log:
    audit_list(log)
with shown_cache:
    cache_levels()
