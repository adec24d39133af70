namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>A pod could not do what another one may. The message is for users.</summary>
/// <param name="otherPods">How many others are worth asking.</param>
internal sealed class OtherPodException(string message, int otherPods, Exception? inner = null) : Exception(message, inner)
{
    public int OtherPods => otherPods;
}
