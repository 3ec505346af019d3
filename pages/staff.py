"""All creators, accounts and the audit log: the page, for staff alone."""

import streamlit as st

from queries.staff import accounts, audit_log, creator_states, failures
from ui.empty import nothing_yet
from ui.staff_accounts import account_list, audit_list
from ui.staff_cache import cache_levels
from ui.staff_creators import creator_cards, creators_found
from ui.staff_failures import failure_list, failure_warning
from ui.staff_reports import staff_reports
from ui.staff_workers import missing_worker_shown
from ui.viewer import ENTITLED_TIER, staff_account

staff_id = staff_account().id

st.title("Staff")
failed = failures(staff_id)
failure_warning(failed)
missing_worker_shown()
creators = creator_states(staff_id)
entitled = sum(creator.subscription_tier == ENTITLED_TIER for creator in creators)
stale = sum(bool(creator.waiting_keys or creator.students_to_build) for creator in creators)
st.write(
    f"**{entitled:,}** of {len(creators):,} creators have the dashboard; "
    + (f"**{stale:,}** wait for a refresh." if stale else "every figure is up to date.")
)

shown_creators, shown_reports, shown_failures, shown_accounts, shown_log, shown_cache = st.tabs(
    ["Creators", "Reports", "Failures", "Accounts", "Audit log", "Cache"]
)
with shown_creators:
    if creators:
        creator_cards(creators_found(creators), staff_id)
    else:
        nothing_yet("There is no creator yet.", "Import a course, or load the demo data with `make demo`.")
with shown_reports:
    staff_reports(staff_id, creators)
with shown_failures:
    failure_list(failed, staff_id)
with shown_accounts:
    account_list(accounts(staff_id), staff_id)
with shown_log:
    audit_list(audit_log(staff_id))
with shown_cache:
    cache_levels()
