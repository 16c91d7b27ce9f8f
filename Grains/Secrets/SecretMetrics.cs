using System.Diagnostics.Metrics;

namespace Actors.Secrets;

/// <summary>The meter <c>Actors.Secrets</c>.</summary>
internal sealed class SecretMetrics
{
    public const string MeterName = "Actors.Secrets";

    private readonly Counter<long> _masked;

    public SecretMetrics(IMeterFactory meterFactory) =>
        _masked = meterFactory.Create(MeterName).CreateCounter<long>("actors.secrets.masked", "{secret}", "Likely secrets that were masked before they were stored, by kind.");

    public void Masked(string kind) => _masked.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
