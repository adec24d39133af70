using System.ComponentModel.DataAnnotations;
using DiffusionMesh.Transport;

namespace DiffusionMesh.Orchestrator;

/// <summary>What the orchestrator can be told, read from the section <c>Orchestrator</c>.</summary>
public sealed class OrchestratorOptions
{
    public const string Section = "Orchestrator";

    /// <summary>The PostgreSQL database that keeps the searches, as a connection string for Npgsql.</summary>
    /// <value>Default: none; they are kept in <see cref="DataDirectory"/>.</value>
    public string Database { get; set; } = "";

    /// <summary>How long calls wait for a database that is away, for example while it is restarted, in seconds.</summary>
    /// <value>Default: 60.</value>
    [Range(1, 86_400)]
    public int DatabasePatienceSeconds { get; set; } = 60;

    /// <summary>The folder that keeps the searches, for one orchestrator alone. Not used with a <see cref="Database"/>.</summary>
    /// <value>Default: the folder diffusionmesh among the user's local application data.</value>
    public string DataDirectory { get; set; } = DefaultDataDirectory();

    /// <summary>How long searches are kept once they have ended.</summary>
    public RetentionOptions Retention { get; } = new();

    /// <summary>Where denoisers are: one, a DNS name for all the pods behind it, or a list of them.</summary>
    /// <value>Default: http://127.0.0.1:5101.</value>
    [Required]
    public string Denoiser { get; set; } = "http://127.0.0.1:5101";

    /// <summary>The model of searches that name none, where several are served.</summary>
    /// <value>Default: none; such searches are refused.</value>
    public string DefaultModel { get; set; } = "";

    /// <summary>Where verifiers are, by the name that searches use.</summary>
    /// <value>Default: none.</value>
    public Dictionary<string, string> Verifiers { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Addresses of verifiers that searches may name, such as <c>https://*.verifiers.example:8443</c>; a star stands for
    /// characters other than <c>/ : , @ ? # %</c>. Addresses on loopback may be named as well where this host listens on
    /// loopback alone: whoever calls it is on this machine already.
    /// </summary>
    /// <value>Default: none.</value>
    public List<string> VerifierAddresses { get; } = [];

    /// <summary>Sample calls of one search that are under way at once, for each pod of the denoiser.</summary>
    /// <value>Default: 4.</value>
    [Range(1, 1024)]
    public int Parallelism { get; set; } = 4;

    /// <summary>Most trajectories in one Sample call.</summary>
    /// <value>Default: 8.</value>
    [Range(1, 1024)]
    public int TrajectoriesPerCall { get; set; } = 8;

    /// <summary>Score calls of one search that are under way at once, for each pod of a verifier.</summary>
    /// <value>Default: 2.</value>
    [Range(1, 1024)]
    public int ScoreParallelism { get; set; } = 2;

    /// <summary>How often a call is tried again, where that is safe.</summary>
    /// <value>Default: 10, which is patience for half a minute.</value>
    [Range(0, 100)]
    public int RetryAttempts { get; set; } = 10;

    /// <summary>Delay before the first retry, in milliseconds; it doubles with each, up to 30 times as long.</summary>
    /// <value>Default: 200.</value>
    [Range(1, 60_000)]
    public int RetryDelayMilliseconds { get; set; } = 200;

    /// <summary>Time limit of a Sample call.</summary>
    /// <value>Default: 600.</value>
    [Range(1, 86_400)]
    public int SampleTimeoutSeconds { get; set; } = 600;

    /// <summary>Time limit of a Score call.</summary>
    /// <value>Default: 60.</value>
    [Range(1, 86_400)]
    public int ScoreTimeoutSeconds { get; set; } = 60;

    /// <summary>Time limit of calls that only ask or check.</summary>
    /// <value>Default: 10.</value>
    [Range(1, 600)]
    public int DescribeTimeoutSeconds { get; set; } = 10;

    /// <summary>How long a cancelled search may go on scoring what is sampled.</summary>
    /// <value>Default: 5.</value>
    [Range(0, 600)]
    public int CancelGraceSeconds { get; set; } = 5;

    /// <summary>Once lost calls cost more than this part of the budget, in percent, the search fails.</summary>
    /// <value>Default: 100.</value>
    [Range(0, 10_000)]
    public int MaxWastedPercent { get; set; } = 100;

    /// <summary>
    /// How long an orchestrator that stops lets its searches finish their round before it breaks off. Whoever stops the
    /// process must leave it this time, <see cref="CancelGraceSeconds"/> and half a minute more.
    /// </summary>
    /// <value>Default: 5.</value>
    [Range(0, 600)]
    public int ShutdownSeconds { get; set; } = 5;

    /// <summary>How long a search that is taken on waits for denoisers and verifiers that do not answer.</summary>
    /// <value>Default: 120.</value>
    [Range(0, 86_400)]
    public int TakeOnPatienceSeconds { get; set; } = 120;

    /// <summary>Searches that run here at once; further ones wait.</summary>
    /// <value>Default: 16.</value>
    [Range(1, 10_000)]
    public int MaxRunningSearches { get; set; } = 16;

    /// <summary>Images that one search may hold, in MiB.</summary>
    /// <value>Default: 512.</value>
    [Range(1, 1_000_000)]
    public int MaxSearchImageMebibytes { get; set; } = 512;

    /// <summary>Searches of one tenant that may wait.</summary>
    /// <value>Default: 1,000.</value>
    [Range(1, 100_000)]
    public int MaxQueuedSearches { get; set; } = 1_000;

    /// <summary>What the searches of one tenant may spend in a day, UTC, in NFE; 0 for as much as they like.</summary>
    /// <value>Default: 0.</value>
    [Range(0, long.MaxValue)]
    public long NfePerDay { get; set; }

    /// <summary>What single tenants get instead of the defaults, by name.</summary>
    /// <value>Default: none.</value>
    public Dictionary<string, TenantOptions> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Greatest budget of a search, in NFE.</summary>
    /// <value>Default: 10,000,000.</value>
    [Range(1, long.MaxValue)]
    public long MaxBudgetNfe { get; set; } = 10_000_000;

    /// <summary>Most candidates of a search.</summary>
    /// <value>Default: 20,000.</value>
    [Range(1, 1_000_000)]
    public int MaxCandidates { get; set; } = 20_000;

    /// <summary>Most steps of a run.</summary>
    /// <value>Default: 1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxSteps { get; set; } = 1_000;

    /// <summary>States of verifiers that a search brings, together, in MiB.</summary>
    /// <value>Default: 16.</value>
    [Range(0, 1_000)]
    public int MaxVerifierStateMebibytes { get; set; } = 16;

    private static string DefaultDataDirectory()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return local.Length == 0 ? "" : Path.Combine(local, "diffusionmesh");
    }

    internal double Share(string tenant) => Tenants.GetValueOrDefault(tenant)?.Share ?? 1;

    internal long NfeQuota(string tenant) => Tenants.GetValueOrDefault(tenant)?.NfePerDay ?? NfePerDay;

    internal int MostQueued(string tenant) => Tenants.GetValueOrDefault(tenant)?.MaxQueued ?? MaxQueuedSearches;

    /// <summary>Whether an address is one of the configuration's, not of a client's.</summary>
    internal bool IsOurs(string address) =>
        Verifiers.Values.Append(Denoiser).Any(ours => MeshAddress.Normal(ours) == MeshAddress.Normal(address));
}
