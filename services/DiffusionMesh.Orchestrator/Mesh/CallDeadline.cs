namespace DiffusionMesh.Orchestrator.Mesh;

internal static class CallDeadline
{
    /// <summary>Of a call that begins now: by the clock of this machine, which gRPC goes by, whatever the database's clock says.</summary>
    public static DateTime In(int seconds) => DateTime.UtcNow.AddSeconds(seconds);
}
