using System.Reflection;

namespace DiffusionMesh.Diffusion.Tests;

public class PurityTests
{
    private static readonly string[] Forbidden = ["Grpc", "Google", "Microsoft.ML", "Microsoft.Extensions", "Microsoft.AspNetCore", "OpenTelemetry"];

    // Assemblies of pure mathematics and pure search. Those that are not built with these tests are not there to check.
    public static TheoryData<string> Assemblies => new(
        Directory.GetFiles(AppContext.BaseDirectory, "DiffusionMesh.*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => name is "DiffusionMesh.Diffusion" or "DiffusionMesh.Metrics" or "DiffusionMesh.Search"));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void References_PureAssembly_NameNoInfrastructure(string assembly)
    {
        var reached = new HashSet<string>();
        Visit(Assembly.Load(assembly));

        Assert.DoesNotContain(reached, name => Forbidden.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

        void Visit(Assembly from)
        {
            foreach (var reference in from.GetReferencedAssemblies())
            {
                if (reached.Add(reference.Name!) && reference.Name!.StartsWith("DiffusionMesh", StringComparison.Ordinal))
                {
                    Visit(Assembly.Load(reference));
                }
            }
        }
    }
}
