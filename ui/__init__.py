"""The frame around every page: sign-in, gate, navigation, shared widgets."""
