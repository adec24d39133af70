using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>A JSON file of settings that is read again when it changes. One that is no JSON then leaves the settings as they were.</summary>
internal sealed class SettingsFile : JsonConfigurationSource
{
    private string? _problem;

    /// <exception cref="FileNotFoundException">There is none.</exception>
    public SettingsFile(string name)
    {
        var path = System.IO.Path.GetFullPath(name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"there is no file {path}, which {nameof(ServiceDefaultsOptions.SettingsFile)} names");
        }

        // Polled, not watched: a volume of Kubernetes changes by a symbolic link, which watchers miss.
        FileProvider = new PhysicalFileProvider(System.IO.Path.GetDirectoryName(path)!) { UsePollingFileWatcher = true, UseActivePolling = true };
        Path = System.IO.Path.GetFileName(path);
        ReloadOnChange = true;
    }

    /// <summary>Why the file was not read when it changed last, once; null if it was.</summary>
    public string? TakeProblem() => Interlocked.Exchange(ref _problem, null);

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Provider(this);
    }

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
                file._problem = $"{file.FileProvider!.GetFileInfo(file.Path!).PhysicalPath}: {error.InnerException?.Message ?? error.Message}";
            }
        }
    }
}
