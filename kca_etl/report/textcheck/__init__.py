"""Proves a German text's figures and claims against the warehouse."""
