namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>One point of the matrix: what is the same for all its seeds and conditions.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Guidance">Weight of guidance.</param>
/// <param name="Algorithm">Label of the algorithm.</param>
/// <param name="Select">Label of what selects; empty where nothing does.</param>
/// <param name="Budget">In the unit of the experiment.</param>
internal sealed record Cell(string Model, double Guidance, string Algorithm, string Select, double Budget);
