// Every test runs whole services: side by side they would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
