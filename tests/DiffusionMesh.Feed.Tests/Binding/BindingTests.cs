using System.Reflection;

namespace DiffusionMesh.Feed.Tests.Binding;

/// <summary>The runtime itself must find everything that the published binaries name, with the very signatures they name.</summary>
public sealed class BindingTests
{
    // Stand in for the type parameters of generic owners and callers; every constraint in the contract is `class`.
    private static readonly Type[] Arguments = [typeof(object), typeof(object), typeof(object), typeof(object)];

    [Theory]
    [InlineData("Grpc.AspNetCore.Server")]
    [InlineData("Grpc.Net.Client")]
    public void PublishedAssembly_AsksForStrongNames_ThatTheContractsHave(string name)
    {
        using var published = new PublishedAssembly(name);

        Assert.Equal(2, published.Contracts.Count());
        Assert.All(published.Contracts, wanted =>
        {
            var found = Assembly.Load(wanted).GetName();
            Assert.Equal(wanted.FullName, found.FullName);
        });
    }

    [Theory]
    [InlineData("Grpc.AspNetCore.Server", 32)]
    [InlineData("Grpc.Net.Client", 35)]
    public void PublishedAssembly_NamesTypes_ThatTheRuntimeResolves(string name, int count)
    {
        using var published = new PublishedAssembly(name);

        Assert.Equal(count, published.ContractTypes.Count());
        Assert.All(published.ContractTypes, token => Assert.NotNull(published.Loaded.ManifestModule.ResolveType(token)));
    }

    [Theory]
    [InlineData("Grpc.AspNetCore.Server", 66)]
    [InlineData("Grpc.Net.Client", 62)]
    public void PublishedAssembly_NamesMembers_ThatTheRuntimeResolves(string name, int count)
    {
        using var published = new PublishedAssembly(name);
        var missing = published.ContractMembers.Where(token => Resolve(published.Loaded, token) is null).Select(published.Describe);

        Assert.Equal(count, published.ContractMembers.Select(published.Describe).Distinct().Count());
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("Grpc.AspNetCore.Server")]
    [InlineData("Grpc.Net.Client")]
    public void PublishedAssembly_DerivesFromTheContracts_AndEveryTypeLoads(string name)
    {
        // Loading checks each override and interface implementation, with its constraints.
        using var published = new PublishedAssembly(name);

        Assert.NotEmpty(published.Loaded.GetTypes());
    }

    private static MemberInfo? Resolve(Assembly assembly, int token)
    {
        try
        {
            return assembly.ManifestModule.ResolveMember(token, Arguments, Arguments);
        }
        catch (MissingMemberException)
        {
            return null;
        }
    }
}
