namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>Options that a host reads.</summary>
/// <param name="Name">Where they are in the configuration; empty for its root.</param>
/// <param name="Options">Their type.</param>
internal sealed record SettingsSection(string Name, Type Options);
