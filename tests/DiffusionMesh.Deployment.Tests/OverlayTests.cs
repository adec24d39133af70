using System.Text.Json.Nodes;
using DiffusionMesh.ServiceDefaults.Telemetry;
using static DiffusionMesh.Deployment.Tests.Manifests;

namespace DiffusionMesh.Deployment.Tests;

public sealed class OverlayTests
{
    private const string Collector = "otel-collector";

    private static IEnumerable<string> Models => DeployedHost.All.Keys.Where(name => name != "orchestrator").Order();

    [KubectlTheory]
    [InlineData("local")]
    [InlineData("gpu")]
    [InlineData("gpu-verifiers")]
    public async Task Environment_IsReadAndAcceptedByTheHost(string overlay)
    {
        var manifests = OfOverlay(overlay);
        using var security = new PodSecurity();
        foreach (var deployment in Hosts(manifests))
        {
            var host = DeployedHost.All[Name(deployment)];
            var environment = security.EnvironmentOf(deployment, manifests)
                .Where(variable => !variable.Key.StartsWith("POD_", StringComparison.Ordinal))
                .ToDictionary();
            Assert.All(environment.Keys, name => Assert.True(host.Reads(name), $"{Name(deployment)} does not read {name}"));

            // That a machine has no GPU is no fault of the setting.
            await host.ValidateAsync(environment.Where(entry => entry is not { Key: "Denoiser__Provider" or "Verifier__Provider", Value: "cuda" }));
        }
    }

    [KubectlTheory]
    [InlineData("local")]
    [InlineData("gpu")]
    public void Hosts_TellTheCollectorWhoTheyAre(string overlay)
    {
        var manifests = OfOverlay(overlay);
        var service = Assert.Single(manifests.OfKind("Service"), service => Name(service) == Collector);
        var address = $"http://{Collector}:{service["spec"]!["ports"].Items().Single(port => port["name"].Text() == "otlp")["port"]}";

        Assert.Equal(DeployedHost.All.Keys.Order(), Hosts(manifests).Select(Name).Order());
        foreach (var deployment in Hosts(manifests))
        {
            var environment = Container(deployment)["env"].Items().ToDictionary(entry => entry["name"].Text());
            Assert.Equal(address, environment["OTEL_EXPORTER_OTLP_ENDPOINT"]["value"].Text());
            Assert.Equal("k8s.pod.name=$(POD_NAME),k8s.namespace.name=$(POD_NAMESPACE)", environment["OTEL_RESOURCE_ATTRIBUTES"]["value"].Text());
            Assert.Equal("metadata.name", environment["POD_NAME"]["valueFrom"]!["fieldRef"]!["fieldPath"].Text());
        }

        Assert.Contains(("diffusionmesh", Collector), NetworkArrows.Ingress(manifests));
        Assert.Contains(("diffusionmesh", Collector), NetworkArrows.Egress(manifests));
    }

    [KubectlTheory]
    [InlineData("local")]
    [InlineData("gpu")]
    public void Collector_PipelinesUseWhatIsDefinedAndPortsAreOpen(string overlay)
    {
        var manifests = OfOverlay(overlay);
        var map = Assert.Single(manifests.OfKind("ConfigMap"), map => Name(map).StartsWith(Collector, StringComparison.Ordinal));
        var configuration = Assert.Single(Yaml.Documents(map["data"]!["config.yaml"].Text()));
        foreach (var (_, pipeline) in configuration["service"]!["pipelines"]!.AsObject())
        {
            foreach (var part in new[] { "receivers", "processors", "exporters" })
            {
                Assert.All(pipeline![part].Items(), name => Assert.True(configuration[part]!.AsObject().ContainsKey(name.Text()), name.Text()));
            }
        }

        var deployment = Assert.Single(manifests.OfKind("Deployment"), deployment => Name(deployment) == Collector);
        Assert.Equal(Name(map), Pod(deployment)["volumes"]![0]!["configMap"]!["name"].Text());
        Assert.Equal(
            [
                configuration["receivers"]!["otlp"]!["protocols"]!["grpc"]!["endpoint"].Text(),
                configuration["exporters"]!["prometheus"]!["endpoint"].Text(),
            ],
            Container(deployment)["ports"].Items().Select(port => $"0.0.0.0:{port["containerPort"]}"));
    }

    [KubectlFact]
    public void Autoscalers_ReadTheQueueDepthsThatModelsExport()
    {
        var manifests = OfOverlay("gpu");
        var autoscalers = manifests.OfKind("HorizontalPodAutoscaler").Select(document => document["spec"]!).ToArray();

        Assert.Equal(Models, autoscalers.Select(autoscaler => autoscaler["scaleTargetRef"]!["name"].Text()).Order());
        Assert.All(autoscalers, autoscaler =>
        {
            var target = autoscaler["scaleTargetRef"]!["name"].Text();
            Assert.Equal(QueueDepth(target), Assert.Single(autoscaler["metrics"].Items())["pods"]!["metric"]!["name"].Text());
            Assert.Null(Hosts(manifests).Single(deployment => Name(deployment) == target)["spec"]!["replicas"]);
        });
    }

    [Fact]
    public void Keda_AsksForTheSameMetricsOfTheSameDeployments()
    {
        var scaled = new[] { "denoiser", "verifiers" }
            .SelectMany(file => Yaml.Documents(Repository.Read($"k8s/components/autoscaling-keda/{file}.yaml")))
            .ToDictionary(document => document["spec"]!["scaleTargetRef"]!["name"].Text(), document => Assert.Single(document["spec"]!["triggers"].Items())["metadata"]!["query"].Text());

        Assert.Equal(Models, scaled.Keys.Order());
        Assert.All(scaled, target => Assert.Equal(
            target.Key == "denoiser"
                ? $"sum({QueueDepth(target.Key)}{{k8s_namespace_name=\"diffusionmesh\"}})"
                : $"sum({QueueDepth(target.Key)}{{k8s_namespace_name=\"diffusionmesh\",k8s_pod_name=~\"{target.Key}-[^-]+-[^-]+\"}})",
            target.Value));
    }

    [KubectlTheory]
    [InlineData("gpu", "denoiser")]
    [InlineData("gpu-verifiers", "denoiser", "verifier-")]
    public void Gpu_IsOneForEachPodThatComputesOnItAndForNoOther(string overlay, params string[] computing)
    {
        foreach (var deployment in OfOverlay(overlay).OfKind("Deployment"))
        {
            var computes = computing.Any(name => Name(deployment).StartsWith(name, StringComparison.Ordinal));
            var expected = computes ? "1" : "";
            Assert.Equal(computes, Container(deployment)["image"].Text().EndsWith("-cuda", StringComparison.Ordinal));
            Assert.Equal(computes, Container(deployment)["env"].Items().Any(entry => entry["name"].Text().EndsWith("__Provider", StringComparison.Ordinal)));
            Assert.Equal(expected, Container(deployment)["resources"]!["limits"]!["nvidia.com/gpu"].Text());
            Assert.Equal(expected, Container(deployment)["resources"]!["requests"]!["nvidia.com/gpu"].Text());
        }
    }

    // What Prometheus makes of the metric's name.
    private static string QueueDepth(string deployment) =>
        (deployment == "denoiser" ? DiffusionMeshTelemetry.DenoiserQueueDepth : DiffusionMeshTelemetry.VerifierQueueDepth).Replace('.', '_');

    private static IEnumerable<JsonNode> Hosts(Manifests manifests) => manifests.OfKind("Deployment").Where(deployment => Name(deployment) != Collector);
}
