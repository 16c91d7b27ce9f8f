using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>For what Zep is asked: writes go before searches.</summary>
internal enum ZepUse
{
    Write,
    Search,
}

/// <summary>The one way on which the service asks Zep.</summary>
internal sealed class ZepGate(IZep zep, IOptions<ZepOptions> options)
{
    /// <summary>Whether there is a key.</summary>
    public bool IsOn => options.Value.IsOn;

    public Task<ZepAnswer<T>> CallAsync<T>(ZepUse use, Func<IZep, CancellationToken, Task<ZepAnswer<T>>> call, CancellationToken cancellationToken) => call(zep, cancellationToken);
}
