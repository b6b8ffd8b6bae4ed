"""The owner's proposal to a provider, and the provider's answer."""
