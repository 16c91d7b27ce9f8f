using System.Net;
using Microsoft.Extensions.Logging;

namespace Actors.ClusterSchema;

/// <summary>The scripts as a web server has them. What may pass (no connection, no answer in time, 429, 5xx) is tried three times.</summary>
/// <param name="client">Its time limit is that of one try, by the system's clock: it is the network that is timed.</param>
/// <param name="root">Address of Orleans' repository at the right commit; the paths of the scripts follow it.</param>
/// <param name="timeProvider">Times the pauses between tries.</param>
internal sealed partial class OrleansScriptDownload(HttpClient client, Uri root, TimeProvider timeProvider, ILogger<OrleansScriptDownload> logger)
    : OrleansScriptSource
{
    public const string ClientName = "orleans-scripts";

    private const int Tries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    protected override async Task<(byte[] Content, string Origin)> FindAsync(OrleansScript script, CancellationToken cancellationToken)
    {
        var address = new Uri($"{root.AbsoluteUri.TrimEnd('/')}/{script.Path}");
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            try
            {
                return (await client.GetByteArrayAsync(address, cancellationToken), address.AbsoluteUri);
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
            {
                if (attempt == Tries || !MayPass(failure))
                {
                    throw Unreachable(address, attempt, failure);
                }

                LogTryFailed(address.AbsoluteUri, Reason(failure), pause.TotalSeconds);
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }

    private static bool MayPass(Exception failure) =>
        failure is not HttpRequestException { StatusCode: { } status } || status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { StatusCode: { } status } => $"the server answered {(int)status}",
        TaskCanceledException => "the server did not answer in time",
        _ => failure.Message.TrimEnd('.'),
    };

    private static OrleansScriptException Unreachable(Uri address, int tries, Exception failure) => new(
        $"{address.AbsoluteUri} cannot be fetched: {Reason(failure)}{(tries > 1 ? $" ({tries} tries)" : "")}. "
        + "On a machine without a way there, put the scripts into a folder and name it: --scripts DIR. Nothing was applied.",
        failure);

    [LoggerMessage(1, LogLevel.Warning, "{Address} could not be fetched: {Reason}. Next try in {PauseSeconds} s")]
    private partial void LogTryFailed(string address, string reason, double pauseSeconds);
}
