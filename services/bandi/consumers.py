"""What this service listens to: nothing; calls and projects begin here."""

from chassis.inbox import Consumers

consumers = Consumers("bandi")
