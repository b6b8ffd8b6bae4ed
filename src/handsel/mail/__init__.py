"""The customers' mail: received, understood, answered, sent."""
