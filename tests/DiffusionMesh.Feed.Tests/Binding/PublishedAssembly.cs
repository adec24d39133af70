using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace DiffusionMesh.Feed.Tests.Binding;

/// <summary>What a published binary asks of the contract assemblies, read from its metadata.</summary>
internal sealed class PublishedAssembly : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public PublishedAssembly(string name)
    {
        Loaded = Assembly.Load(name);
        _file = new PEReader(File.OpenRead(Loaded.Location));
        _reader = _file.GetMetadataReader();
    }

    public Assembly Loaded { get; }

    /// <summary>The contract assemblies, by the strong names that the binary wants.</summary>
    public IEnumerable<AssemblyName> Contracts => _reader.AssemblyReferences
        .Select(handle => _reader.GetAssemblyReference(handle).GetAssemblyName())
        .Where(name => name.Name is "Grpc.Core.Api" or "Grpc.Net.Common");

    /// <summary>Tokens of the types in the contract assemblies, nested ones included.</summary>
    public IEnumerable<int> ContractTypes => _reader.TypeReferences.Where(IsContract).Select(handle => MetadataTokens.GetToken(handle));

    /// <summary>Tokens of the methods and fields of those types, with their full signatures.</summary>
    public IEnumerable<int> ContractMembers => _reader.MemberReferences
        .Where(handle => IsContract(_reader.GetMemberReference(handle).Parent))
        .Select(handle => MetadataTokens.GetToken(handle));

    public string Describe(int token) => MetadataTokens.EntityHandle(token) switch
    {
        { Kind: HandleKind.MemberReference } handle => Describe(_reader.GetMemberReference((MemberReferenceHandle)handle)),
        var handle => _reader.GetString(_reader.GetTypeReference((TypeReferenceHandle)handle).Name),
    };

    public void Dispose() => _file.Dispose();

    private string Describe(MemberReference member) => $"{Owner(member.Parent)?.Name}.{_reader.GetString(member.Name)}";

    private (string Name, bool IsContract)? Owner(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => (
            _reader.GetString(_reader.GetTypeReference((TypeReferenceHandle)handle).Name), IsContract((TypeReferenceHandle)handle)),
        HandleKind.TypeSpecification => GenericOwner((TypeSpecificationHandle)handle),
        _ => null,
    };

    private (string Name, bool IsContract)? GenericOwner(TypeSpecificationHandle handle)
    {
        // GENERICINST (CLASS | VALUETYPE) TypeDefOrRefOrSpecEncoded ... : ECMA-335 II.23.2.14
        var signature = _reader.GetBlobReader(_reader.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        _ = signature.ReadCompressedInteger();
        return Owner(signature.ReadTypeHandle());
    }

    private bool IsContract(EntityHandle handle) => Owner(handle)?.IsContract ?? false;

    private bool IsContract(TypeReferenceHandle handle)
    {
        var scope = _reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsContract((TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => Contracts.Any(
                name => name.Name == _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)),
            _ => false,
        };
    }
}
