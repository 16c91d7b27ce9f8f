using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Actors.Sessions;
using Microsoft.Extensions.Configuration;

namespace Actors.Hosting;

/// <summary>Which cluster a process belongs to, and where a silo is found. Configuration section <c>Cluster</c>.</summary>
internal sealed partial class ClusterSettings
{
    // Orleans probes up to twice as often when answers come quickly.
    private static readonly TimeSpan ShortestVote = ProcessPauses.DefaultLimit * 2.5;

    /// <summary>
    /// Name of the cluster: 1 to 100 letters, digits, dots, dashes and underscores; default <c>planner-memory</c>. Silos and
    /// API processes of one database share it.
    /// </summary>
    public string ClusterId { get; set; } = "planner-memory";

    /// <summary>Name under which reminders and grain state are kept; form and default as of <see cref="ClusterId"/>. Never changes.</summary>
    public string ServiceId { get; set; } = "planner-memory";

    /// <summary>
    /// Where other processes reach this silo: an IP address, a host name, or <c>auto</c> for the first address of this
    /// host's own name. Default 127.0.0.1, which serves one machine alone.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// IP address a silo listens at, when it is not the one of <see cref="Address"/>, as behind an address translation; default
    /// that one alone. Its ports have no authentication, so 0.0.0.0 is for machines without another network.
    /// </summary>
    public string? ListenAddress { get; set; }

    /// <summary>Port for other silos; default 11111.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Port for API processes; default 30000.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How long a silo waits for another one's sign of life, and how often it asks for one; up to 60 s, default 2 s. After
    /// <see cref="MissedProbes"/> in a row it declares the other dead; both together must come to 5 s, so that a silo which was
    /// only suspended can tell (<c>ProcessPauses</c>).
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Signs of life missed in a row before a silo is declared dead; 2 to 20, default 3.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <exception cref="HostingSettingsException">A value is out of range.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        ClusterSettings settings;
        try
        {
            settings = configuration.GetSection("Cluster").Get<ClusterSettings>() ?? new ClusterSettings();
        }
        catch (InvalidOperationException fault)
        {
            throw new HostingSettingsException(fault.Message);
        }

        Check(Name().IsMatch(settings.ClusterId), "Cluster:ClusterId must be 1 to 100 letters, digits, dots, dashes or underscores.");
        Check(Name().IsMatch(settings.ServiceId), "Cluster:ServiceId must be 1 to 100 letters, digits, dots, dashes or underscores.");
        Check(settings.SiloPort is > 0 and < 65_536, "Cluster:SiloPort must be a number of 1 to 65535.");
        Check(settings.GatewayPort is > 0 and < 65_536, "Cluster:GatewayPort must be a number of 1 to 65535.");
        Check(settings.ProbeTimeout > TimeSpan.Zero && settings.ProbeTimeout <= TimeSpan.FromMinutes(1), "Cluster:ProbeTimeout must be up to 60 s.");
        Check(settings.MissedProbes is >= 2 and <= 20, "Cluster:MissedProbes must be 2 to 20.");
        Check(settings.ProbeTimeout * settings.MissedProbes >= ShortestVote, "Cluster:ProbeTimeout must be longer: times MissedProbes it must come to 5 s.");
        return settings;
    }

    /// <summary>The address to tell others.</summary>
    /// <exception cref="HostingSettingsException">The name has no IPv4 address.</exception>
    public IPAddress Resolve()
    {
        if (IPAddress.TryParse(Address, out var given))
        {
            Check(!given.Equals(IPAddress.Any) && !given.Equals(IPAddress.IPv6Any), "Cluster:Address must be one at which others reach this silo; to listen at all, set Cluster:ListenAddress.");
            return given;
        }

        var name = Address == "auto" ? Dns.GetHostName() : Address;
        try
        {
            return Dns.GetHostAddresses(name, AddressFamily.InterNetwork).FirstOrDefault() ?? throw NoAddress(name);
        }
        catch (SocketException)
        {
            throw NoAddress(name);
        }
    }

    /// <summary>Where to listen.</summary>
    /// <param name="address">The address told to others.</param>
    /// <exception cref="HostingSettingsException">It is no IP address.</exception>
    public IPAddress ListenAt(IPAddress address) =>
        ListenAddress is null ? address
        : IPAddress.TryParse(ListenAddress, out var given) ? given
        : throw new HostingSettingsException("Cluster:ListenAddress must be an IP address.");

    private static HostingSettingsException NoAddress(string name) =>
        new($"Cluster:Address: the host name '{name}' has no IPv4 address. Give an address at which other processes reach this silo.");

    private static void Check(bool isRight, string fault)
    {
        if (!isRight)
        {
            throw new HostingSettingsException(fault);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Name();
}
