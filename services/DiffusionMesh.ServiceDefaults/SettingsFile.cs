using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>A JSON file of settings that is read again when it changes. One that is no JSON then leaves the settings as they were.</summary>
internal sealed class SettingsFile : JsonConfigurationSource
{
    private readonly string _path;
    private string? _problem;

    /// <exception cref="FileNotFoundException">There is none.</exception>
    public SettingsFile(string name)
    {
        _path = System.IO.Path.GetFullPath(name);
        if (Missing() is { } missing)
        {
            throw new FileNotFoundException(missing);
        }

        // Polled, not watched: a volume of Kubernetes changes by a symbolic link, which watchers miss.
        FileProvider = new PhysicalFileProvider(System.IO.Path.GetDirectoryName(_path)!) { UsePollingFileWatcher = true, UseActivePolling = true };
        Path = System.IO.Path.GetFileName(_path);
        ReloadOnChange = true;
    }

    /// <summary>Why the file was not read when it changed last, once; null if it was. One that is missing has no settings.</summary>
    public string? TakeProblem() => Interlocked.Exchange(ref _problem, null) ?? Missing();

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Provider(this);
    }

    private string? Missing() => File.Exists(_path) ? null : $"there is no file {_path}, which {nameof(ServiceDefaultsOptions.SettingsFile)} names";

    private sealed class Provider(SettingsFile file) : JsonConfigurationProvider(file)
    {
        private bool _wasRead;

        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
                _wasRead = true;
            }
            catch (FormatException error) when (_wasRead)
            {
                file._problem = $"{file._path}: {error.InnerException?.Message ?? error.Message}";
            }
        }
    }
}
