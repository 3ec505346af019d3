"""Sign-in: through OpenID Connect if it is configured, otherwise the demo accounts of this machine."""

import streamlit as st

from database.accounts import Account, demo_accounts
from database.demo.directory import is_of_demo
from rules.tiers import opens_the_dashboard
from ui.account.demo_account import choose, leave
from ui.account.oidc import oidc_is_configured
from ui.account.safety import demo_sign_in_is_safe
from ui.account.start_form import start_form
from ui.account.viewer import is_shut_out, is_signed_in_by_oidc, verified_email
from ui.shared.text import plain

LEFT_WIDTH = 560
BOTH_WIDTH = 980  # two columns


def sign_in() -> None:
    """The page that replaces all others for people who are not signed in."""
    if is_signed_in_by_oidc():
        _no_access()
        return
    with st.container(width=LEFT_WIDTH if oidc_is_configured() else BOTH_WIDTH):
        st.title("Creator Dashboard")
        st.write("See who your students are, who is slipping away and why, and what to do about it this week.")
        if oidc_is_configured():
            st.button("Sign in", icon=":material/login:", on_click=st.login)
        elif demo_sign_in_is_safe():
            _demo_sign_in()
        else:
            st.error("Sign-in is not configured on this server. Its administrator must set up OpenID Connect.")


def _no_access() -> None:
    """For people the provider knows but the dashboard does not admit: why, and what to do."""
    with st.container(width=LEFT_WIDTH):
        st.title("No access")
        why, what_to_do = _refusal()
        st.markdown(f"{why}\n\n{what_to_do}")
        st.button("Sign out", icon=":material/logout:", on_click=sign_out)


def _refusal() -> tuple[str, str]:
    claimed = st.user.get("email")
    address = f"**{plain(str(claimed))}**" if claimed else "an account without an email address"
    if is_shut_out():
        return (
            f"You signed in as {address}, but this account no longer has access.",
            "If you think this is a mistake, contact the administrator of this dashboard.",
        )
    if claimed and not verified_email():
        return (
            f"You signed in as {address}, but your sign-in provider has not verified that this address is yours.",
            "Verify the address with the provider, then sign out here and sign in again.",
        )
    return (
        f"You signed in as {address}, which has no account on this dashboard.",
        "Ask the administrator to add this address, or sign out and choose another account. "
        "Once it has been added, reload this page; it can take a minute.",
    )


def _demo_sign_in() -> None:
    """The accounts of this computer: one's own, then those of the demo; and the form for a new one."""
    accounts = demo_accounts()
    own = [account for account in accounts if not is_of_demo(account)]
    of_demo = [account for account in accounts if is_of_demo(account)]
    if own:
        st.header("Continue")
        _account_list(own)
    with st.grid(2, min_column_width=340):
        with st.container():
            st.header("Start with my own data")
            start_form()
        with st.container():
            st.header("Look at the demo")
            if of_demo:
                st.markdown("Three teachers whose students are invented. Choose an account:")
                _account_list(of_demo)
            else:
                st.markdown("The demo is not loaded. Run `make demo`, then reload this page.")
    st.caption("This sign-in works only on this computer.")


def _account_list(accounts: list[Account]) -> None:
    for account in accounts:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container():
                st.markdown(f"**{plain(account.name)}**  \n{_description(account)}")
            st.button("Sign in", key=f"sign_in_{account.id}", on_click=choose, args=(account.id,))


def _description(account: Account) -> str:
    if account.role == "staff":
        return "Staff · can open every creator's dashboard, read-only"
    note = "" if opens_the_dashboard(account.subscription_tier) else " · no access to the dashboard"
    is_own_name = account.is_demo or account.name == account.creator_name
    whose = "Creator" if is_own_name else plain(account.creator_name or "")
    return f"{whose} · {(account.subscription_tier or '').upper()} tier{note}"


def sign_out() -> None:
    """Sign out of the account; with OpenID Connect, remove its cookie too."""
    st.session_state.clear()
    if st.user.get("is_logged_in"):
        st.logout()
    else:
        leave()
