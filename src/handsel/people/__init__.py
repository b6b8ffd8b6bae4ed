"""Who is who: persons, businesses, providers, memberships, and who may do what."""
