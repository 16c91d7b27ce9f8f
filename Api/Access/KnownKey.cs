using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Actors.Access;

/// <summary>A key as requests meet it. Everything a request needs is made once, when the key is loaded.</summary>
internal sealed class KnownKey
{
    private readonly KeyRecord? _row;

    private KnownKey(Caller caller, KeyRecord? row, RequestBudget? budget, KeyUsage? usage)
    {
        (Caller, _row, Budget, Usage) = (caller, row, budget, usage);
        Ticket = new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller, budget)), ApiKeyAuthentication.SchemeName);
    }

    public Caller Caller { get; }

    public RequestBudget? Budget { get; }

    /// <summary>When it was used; null for the installation's key, which has no row to note that in.</summary>
    public KeyUsage? Usage { get; }

    public AuthenticationTicket Ticket { get; }

    /// <summary>The installation's admin key: no end, no limit.</summary>
    public static KnownKey Unlimited(Caller caller) => new(caller, row: null, budget: null, usage: null);

    /// <summary>A key of the table: as it was before, or changed and with the budget and usage it had.</summary>
    public static KnownKey Of(KeyRecord key, KnownKey? before, int defaultPerMinute)
    {
        // Nearly all have not changed, and sets of clients are dear to make.
        if (before?._row is { } row && IsSame(row, key))
        {
            return before;
        }

        var perMinute = key.RateLimitPerMinute ?? defaultPerMinute;
        var budget = before?.Budget is { } kept && kept.PerMinute == perMinute ? kept : new RequestBudget(perMinute);
        var caller = new Caller(key.Id, key.Name, key.Role, key.ClientIds.ToFrozenSet(StringComparer.Ordinal));
        return new KnownKey(caller, key, budget, before?.Usage ?? new KeyUsage());
    }

    // A disabled key is disabled whatever its time says: the clock it was taken from may be ahead of this one.
    public bool IsValidAt(DateTimeOffset now) => _row?.DisabledAt is null && !(now >= _row?.ExpiresAt);

    private static bool IsSame(KeyRecord one, KeyRecord other) =>
        one.ClientIds.AsSpan().SequenceEqual(other.ClientIds.AsSpan())
        && one == other with { ClientIds = one.ClientIds, LastUsedAt = one.LastUsedAt };
}

/// <summary>When a key was used last, and what of that is written.</summary>
internal sealed class KeyUsage
{
    private long _usedTicks;
    private long _notedTicks;

    public void Use(DateTimeOffset now) => Volatile.Write(ref _usedTicks, now.UtcTicks);

    /// <summary>The last use, unless that is written.</summary>
    public DateTimeOffset? NotNoted => Volatile.Read(ref _usedTicks) is var used && used > _notedTicks ? new(used, TimeSpan.Zero) : null;

    public void Noted(DateTimeOffset at) => _notedTicks = at.UtcTicks;
}
