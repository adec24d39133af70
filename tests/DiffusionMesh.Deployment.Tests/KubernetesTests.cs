using System.Text.Json.Nodes;
using static DiffusionMesh.Deployment.Tests.Manifests;

namespace DiffusionMesh.Deployment.Tests;

public sealed class KubernetesTests(Manifests manifests) : IClassFixture<Manifests>
{
    private const int Port = 8080;

    [KubectlFact]
    public void Deployments_AreTheHosts() =>
        Assert.Equal(DeployedHost.All.Keys.Order(), manifests.OfKind("Deployment").Select(Name).Order());

    [KubectlFact]
    public void Images_AreThoseThatComposeBuilds() => Assert.Equal(
        Compose.Hosts.Select(host => host.Value["image"].Text()).Distinct().Order(),
        manifests.OfKind("Deployment").Select(deployment => Container(deployment)["image"].Text()).Distinct().Order());

    [KubectlFact]
    public async Task Probes_AskForServicesThatTheHostMaps()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var services = await DeployedHost.All[Name(deployment)].ServicesAsync();
            Assert.Contains("grpc.health.v1.Health", services);
            foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
            {
                var grpc = Container(deployment)[probe]!["grpc"]!;
                Assert.Equal(Port, grpc["port"]!.GetValue<int>());
                Assert.True(
                    probe == "livenessProbe" ? grpc["service"] is null : services.Contains(grpc["service"].Text()),
                    $"{Name(deployment)} {probe}: {grpc["service"]}");
            }
        }
    }

    [KubectlFact]
    public async Task Environment_IsReadAndAcceptedByTheHost()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var host = DeployedHost.All[Name(deployment)];
            var environment = ContainerEnvironment.Of(Container(deployment), manifests);
            Assert.All(environment.Keys, name => Assert.True(host.Reads(name), $"{Name(deployment)} does not read {name}"));
            await host.ValidateAsync(environment);
        }
    }

    [KubectlFact]
    public void Addresses_NameServicesAndTheirPorts()
    {
        var services = manifests.OfKind("Service").ToDictionary(Name, service => service["spec"]!["ports"]![0]!["port"]!.GetValue<int>());
        var addresses = manifests.OfKind("Deployment")
            .SelectMany(deployment => Container(deployment)["env"].Items())
            .Select(entry => entry["value"].Text())
            .Where(value => value.Contains("://", StringComparison.Ordinal))
            .ToArray();

        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.Contains(address, services.Select(service => $"dns:///{service.Key}:{service.Value}")));
    }

    [KubectlFact]
    public void Services_AreHeadlessAndReachTheirPods()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var service = Assert.Single(manifests.OfKind("Service"), service => Name(service) == Name(deployment))["spec"]!;
            Assert.Equal("None", service["clusterIP"].Text());
            AssertSelects(service["selector"]!, deployment);

            var port = Assert.Single(service["ports"].Items());
            var container = Assert.Single(Container(deployment)["ports"].Items());
            Assert.Equal(container["name"].Text(), port["targetPort"].Text());
            Assert.Equal(Port, container["containerPort"]!.GetValue<int>());
            Assert.Equal(Port, port["port"]!.GetValue<int>());
        }
    }

    [KubectlFact]
    public void DisruptionBudgets_CoverEveryDeploymentAndLetNodesDrain()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var budget = Assert.Single(manifests.OfKind("PodDisruptionBudget"), budget => Name(budget) == Name(deployment))["spec"]!;
            AssertSelects(budget["selector"]!["matchLabels"]!, deployment);
            Assert.Equal(1, budget["maxUnavailable"]!.GetValue<int>());
        }
    }

    [KubectlFact]
    public void NetworkPolicies_RefuseWhatTheyDoNotAllow()
    {
        var nothing = Assert.Single(manifests.OfKind("NetworkPolicy"), policy => Name(policy) == "nothing")["spec"]!;

        Assert.Equal(["Ingress", "Egress"], nothing["policyTypes"].Items().Select(type => type.Text()));
        Assert.Null(nothing["ingress"]);
        Assert.Null(nothing["egress"]);
        Assert.All(manifests.OfKind("Deployment"), deployment => AssertSelects(nothing["podSelector"]!["matchLabels"]!, deployment));
    }

    [KubectlFact]
    public void NetworkPolicies_AllowTheArrowsOfTheArchitecture()
    {
        var models = DeployedHost.All.Keys.Where(name => name != "orchestrator").ToArray();

        Assert.Equal(
            models.Select(model => ("orchestrator", model)).Append(("client", "orchestrator")).Order(),
            NetworkArrows.Ingress(manifests).Order());
        Assert.Equal(models.Select(model => ("orchestrator", model)).Order(), NetworkArrows.Egress(manifests).Order());
    }

    [KubectlFact]
    public void VerifiersAndOrchestrators_AreReplacedWithoutAGap()
    {
        foreach (var deployment in manifests.OfKind("Deployment").Where(deployment => Name(deployment) != "denoiser"))
        {
            Assert.Equal(0, deployment["spec"]!["strategy"]!["rollingUpdate"]!["maxUnavailable"]!.GetValue<int>());
            Assert.True(deployment["spec"]!["replicas"]!.GetValue<int>() > 1);
        }
    }

    [KubectlFact]
    public async Task Pods_HaveTheTimeThatTheirHostsTakeToStop()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var grace = TimeSpan.FromSeconds(Pod(deployment)["terminationGracePeriodSeconds"]!.GetValue<int>());
            var pause = TimeSpan.FromSeconds(Container(deployment)["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!.GetValue<int>());

            Assert.True(grace > pause + await DeployedHost.All[Name(deployment)].StopsWithinAsync(), Name(deployment));
        }
    }

    [KubectlFact]
    public void Pods_RunWithTheLeastRights()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var pod = Pod(deployment);
            Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
            Assert.Equal(Dockerfile.User, pod["securityContext"]!["runAsUser"].Text());
            Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());

            foreach (var container in pod["initContainers"].Items().Append(Container(deployment)))
            {
                var rights = container["securityContext"]!;
                Assert.True(rights["readOnlyRootFilesystem"]!.GetValue<bool>());
                Assert.False(rights["allowPrivilegeEscalation"]!.GetValue<bool>());
                Assert.Equal(["ALL"], rights["capabilities"]!["drop"].Items().Select(capability => capability.Text()));

                var mount = Assert.Single(container["volumeMounts"].Items(), mount => mount["mountPath"].Text() == "/tmp");
                Assert.NotNull(Assert.Single(pod["volumes"].Items(), volume => volume["name"].Text() == mount["name"].Text())["emptyDir"]);
            }
        }
    }

    [KubectlFact]
    public void Pods_SayWhatTheyNeed()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            foreach (var (container, side) in
                from container in Pod(deployment)["initContainers"].Items().Append(Container(deployment))
                from side in new[] { "requests", "limits" }
                select (container, side))
            {
                var resources = container["resources"]![side]!;
                Assert.NotEqual("", resources["cpu"].Text());
                Assert.NotEqual("", resources["memory"].Text());
            }
        }
    }

    [KubectlFact]
    public void Threads_FitIntoTheProcessorLimit()
    {
        foreach (var deployment in manifests.OfKind("Deployment"))
        {
            var threads = Container(deployment)["env"].Items().SingleOrDefault(entry => entry["name"].Text().EndsWith("__Threads", StringComparison.Ordinal));
            Assert.Equal(threads?["value"].Text() ?? "1", Container(deployment)["resources"]!["limits"]!["cpu"].Text());
        }
    }

    private static void AssertSelects(JsonNode selector, JsonNode deployment)
    {
        var labels = deployment["spec"]!["template"]!["metadata"]!["labels"]!;
        Assert.NotEmpty(selector.AsObject());
        Assert.All(selector.AsObject(), label => Assert.Equal(label.Value.Text(), labels[label.Key].Text()));
    }
}
