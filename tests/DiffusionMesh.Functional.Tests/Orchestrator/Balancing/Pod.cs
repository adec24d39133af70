using DiffusionMesh.Contracts.DenoiserV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

/// <summary>A pod that tells its name and does what the test wants before it does.</summary>
internal sealed class Pod(string name) : DenoiserService.DenoiserServiceBase
{
    /// <summary>Is called before each answer.</summary>
    public Func<ServerCallContext, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    public override async Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        await BeforeAnswer(context);
        return new ListModelsResponse { Models = { new Model { Name = name } } };
    }
}
