"""Invoices, credit notes and payments, drawn from approved work."""
