using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser.Models;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser;

/// <summary>The calls of operators.</summary>
internal sealed class ModelAdminEndpoint(ModelAdministration administration, IOptions<DenoiserOptions> options) : ModelAdminService.ModelAdminServiceBase
{
    public override async Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context)
    {
        RequireAllowed();
        var model = await administration.LoadAsync(request.Folder, context.CancellationToken);
        return new LoadModelResponse { Model = ModelMessages.Ready(model) };
    }

    public override async Task<UnloadModelResponse> UnloadModel(UnloadModelRequest request, ServerCallContext context)
    {
        RequireAllowed();
        var models = await administration.UnloadAsync(request.Name, request.Version, context.CancellationToken);
        return new UnloadModelResponse { Models = { models.Select(ModelMessages.Ready) } };
    }

    private void RequireAllowed()
    {
        if (!options.Value.Admin)
        {
            throw RpcErrors.PermissionDenied(
                "ADMIN_IS_OFF", $"models of this server cannot be changed by calls; start it with {DenoiserOptions.Section}:{nameof(DenoiserOptions.Admin)}=true");
        }
    }
}
