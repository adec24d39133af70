using System.Text.Json.Nodes;
using static DiffusionMesh.Deployment.Tests.Manifests;

namespace DiffusionMesh.Deployment.Tests;

public sealed class SchemaTests
{
    [SchemaTheory]
    [InlineData("local")]
    [InlineData("gpu")]
    [InlineData("gpu-verifiers")]
    public async Task Overlay_FollowsThePublishedSchemas(string overlay) => Assert.Empty(await Schemas.CheckAsync(OfOverlay(overlay).All));

    [SchemaTheory]
    [InlineData("k8s/components/autoscaling-keda/denoiser.yaml")]
    [InlineData("k8s/components/autoscaling-keda/verifiers.yaml")]
    public async Task File_FollowsThePublishedSchemas(string file) => Assert.Empty(await Schemas.CheckAsync(Yaml.Documents(Repository.Read(file))));

    [SchemaTheory]
    [InlineData("spec/replicas", "\"two\"", "data/spec/replicas must be integer")]
    [InlineData("spec/replica", "2", "/spec/replica: there is no such field")]
    [InlineData("spec/selector", "null", "data/spec/selector")]
    [InlineData("spec/template/spec/containers/0/name", null, "data/spec/template/spec/containers/0")]
    [InlineData("spec/template/spec/containers/0/readOnly", "true", "/spec/template/spec/containers/0/readOnly: there is no such field")]
    [InlineData("spec/template/spec/containers/0/readinessProbe/grpc/port", "\"grpc\"", "data/spec/template/spec/containers/0/readinessProbe/grpc/port must be integer")]
    [InlineData("kind", "\"Deploiment\"", "there is no Deploiment in apps/v1")]
    public async Task BrokenManifest_IsToldByItsField(string path, string? value, string problem)
    {
        var deployment = OfOverlay("local").OfKind("Deployment").Single(deployment => Name(deployment) == "orchestrator");
        var fields = path.Split('/');
        var owner = fields[..^1].Aggregate(deployment, (node, field) => node is JsonArray array ? array[int.Parse(field, null)]! : node[field]!);
        if (value is null)
        {
            owner.AsObject().Remove(fields[^1]);
        }
        else
        {
            owner[fields[^1]] = JsonNode.Parse(value);
        }

        Assert.Contains(problem, Assert.Single(await Schemas.CheckAsync([deployment])), StringComparison.Ordinal);
    }
}
