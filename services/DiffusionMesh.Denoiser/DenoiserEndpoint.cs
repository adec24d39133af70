using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Denoiser.Models;
using DiffusionMesh.Denoiser.Requests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Draining;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser;

/// <summary>The denoiser's calls: reads requests, lets them join the engine of their model, writes what happens.</summary>
internal sealed class DenoiserEndpoint(
    ServedModels models,
    KeptPredictions kept,
    Drain drain,
    IOptions<DenoiserOptions> options,
    IOptions<ServiceDefaultsOptions> defaults) : DenoiserService.DenoiserServiceBase
{
    // A call that is cancelled decodes so many more at most.
    private const int LatentsAtOnce = 16;

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) => Task.FromResult(
        new ListModelsResponse { Models = { models.Describe() } });

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(new GetModelResponse { Model = models.Describe("name", request.Name) });

    public override async Task Sample(SampleRequest request, IServerStreamWriter<SampleResponse> responseStream, ServerCallContext context)
    {
        using var lease = models.Require(request.Model, request.ModelDigest, request.ComputeClass);
        var served = lease.Served;
        var trajectories = SampleRequestReader.Read(request, served, options.Value);
        AnswerSizeOf(served.Model).Require(request);
        var terms = TermsReader.Read(request);
        if (request.ValidateOnly)
        {
            return;
        }

        using var room = kept.Reserve(SampleRequestReader.KeptBytes(request, served.Model.Shape.Elements));
        using var span = DiffusionMeshTelemetry.Source.StartActivity("denoiser.sample");
        span?.SetTag(DiffusionMeshTelemetry.Model, served.Name);
        span?.SetTag(DiffusionMeshTelemetry.BatchSize, request.Trajectories.Count);
        span?.SetTag(DiffusionMeshTelemetry.Priority, Lanes.Name(terms.Lane));

        // However this call ends, the engine lets go of what is left of it before the next step.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Over);
        var call = new SampleCall(trajectories(), terms, ended.Token);
        var messages = new SampleMessages(served.Model, request.Outputs);
        var (nfe, rows) = (0, 0);
        served.Engine.Submit(call, TimeUntil(context.Deadline));
        try
        {
            await foreach (var happened in call.ReadAsync())
            {
                var message = messages.ToMessage(happened);
                nfe += message.Result?.Nfe ?? 0;
                rows += message.Result?.NetworkRows ?? 0;
                await responseStream.WriteAsync(message, ended.Token);
            }
        }
        finally
        {
            await ended.CancelAsync();
            span?.SetTag(DiffusionMeshTelemetry.Nfe, nfe);
            span?.SetTag(DiffusionMeshTelemetry.Rows, rows);
        }
    }

    public override Task<DecodeResponse> Decode(DecodeRequest request, ServerCallContext context)
    {
        using var lease = models.Require(request.Model, request.ModelDigest);
        var model = lease.Served.Model;
        var violations = new FieldViolations();
        var count = request.Latents.Count;
        violations.Require(count >= 1 && count <= options.Value.MaxTrajectories, "latents", $"has {count} elements; send 1 to {options.Value.MaxTrajectories}");
        violations.ThrowIfAny();

        var reader = new LatentReader(model, options.Value.MaxPixels);
        var latents = new List<Latent?>(count);
        for (var i = 0; i < count; i++)
        {
            latents.Add(reader.Read(request.Latents[i], $"latents[{i}]", violations));
        }

        violations.ThrowIfAny();
        AnswerSizeOf(model).Require(latents.Select(latent => latent!.Shape));
        var images = new Tensor[count];
        foreach (var part in latents.Index().GroupBy(latent => latent.Item!.Shape).SelectMany(alike => alike.Chunk(LatentsAtOnce)))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            drain.Over.ThrowIfCancellationRequested();
            var shape = part[0].Item!.Shape;
            var image = model.ImageShapeOf(shape);
            var decoded = model.Decode([.. part.Select(latent => (ReadOnlyMemory<float>)latent.Item!.Values)], shape);
            for (var i = 0; i < part.Length; i++)
            {
                images[part[i].Index] = TensorMapping.ToMessage((ReadOnlyMemory<byte>)decoded[i], image.Height, image.Width, image.Channels);
            }
        }

        return Task.FromResult(new DecodeResponse { Images = { images } });
    }

    private AnswerSize AnswerSizeOf(DiffusionModel model) => new(model, (long)defaults.Value.MaxMessageMebibytes << 20);

    private static TimeSpan? TimeUntil(DateTime deadline) => deadline == DateTime.MaxValue ? null : deadline - DateTime.UtcNow;
}
