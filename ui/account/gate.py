"""What a creator without the ENTERPRISE tier sees in place of every page."""

import streamlit as st

from ui.account.sign_in import sign_out
from ui.account.viewer import signed_in_account
from ui.shared.text import plain


def access_denied() -> None:
    """The page that explains what is wrong, with which value, and what to do."""
    account = signed_in_account()
    tier = (account.subscription_tier or "none") if account else "none"
    with st.container(width=640):
        st.title("Feature Access Denied")
        st.write(
            f"The Creator Dashboard is part of the **ENTERPRISE** tier. "
            f"**{plain(account.creator_name or '') if account else 'This account'}** has the **{tier.upper()}** tier."
        )
        st.markdown(
            "**What you can do**\n\n"
            "1. Upgrade to ENTERPRISE in your subscription settings; the dashboard opens within a minute.\n"
            "2. If you have already upgraded, check that the membership is active and sign in again.\n"
            "3. If your tier is correct and you still see this page, contact support and mention the tier shown above."
        )
        st.button("Sign out", on_click=sign_out)
