"""Use cases of the service, by noun: each public function is one transaction's work."""
