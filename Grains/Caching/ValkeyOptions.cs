using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Actors.Caching;

/// <summary>The cache shared by the processes grains run in. Configuration section <c>Valkey</c>.</summary>
internal sealed class ValkeyOptions
{
    /// <summary>
    /// Where Valkey is, as StackExchange.Redis reads it: <c>host:port</c>, then options such as <c>password=...</c> or <c>ssl=true</c>, with commas
    /// between. Default: the connection string <c>Valkey</c>; null or empty: none, and each process has a cache of its own.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>
    /// How long a request waits for Valkey, 1 ms to 10 s; default 50 ms. Many times a round trip on a network, and little beside
    /// reading a client's memories.
    /// </summary>
    public TimeSpan Budget { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Most entries that wait to be sent, at least 1; default 1,024. When it is full the newest is dropped, and counted.</summary>
    public int MaxWaiting { get; set; } = 1_024;

    /// <summary>Most bytes of an entry, as estimated from its text, at least 1,024; default 1,048,576. Larger ones are not kept.</summary>
    public long MaxEntryBytes { get; set; } = 1024 * 1024;

    /// <summary>Without Valkey: most bytes of entries kept in the process, as estimated, at least 0; default 33,554,432. Those not asked for the longest go.</summary>
    public long MaxBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Whether there is one.</summary>
    public bool IsOn => !string.IsNullOrEmpty(Address);
}

/// <summary>Refuses settings that cannot work.</summary>
internal sealed class ValkeyValidation : IValidateOptions<ValkeyOptions>
{
    public ValidateOptionsResult Validate(string? name, ValkeyOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ValkeyOptions o) =>
        from rule in new (bool Holds, string Otherwise)[]
        {
            // The address may hold a password, and is not repeated.
            (!o.IsOn || IsAddress(o.Address!), "Address must be host:port, with options after it if need be, such as host:6379,password=..."),
            (o.Budget >= TimeSpan.FromMilliseconds(1) && o.Budget <= TimeSpan.FromSeconds(10), "Budget must be 1 millisecond to 10 seconds."),
            (o.MaxWaiting >= 1, "MaxWaiting must be at least 1."),
            (o.MaxEntryBytes >= 1_024, "MaxEntryBytes must be at least 1024."),
            (o.MaxBytes >= 0, "MaxBytes must not be negative."),
        }
        where !rule.Holds
        select $"Valkey:{rule.Otherwise}";

    private static bool IsAddress(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
