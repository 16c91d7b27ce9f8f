using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace Actors.Hosting;

/// <summary>
/// Leaves in a span what says how the service is, and takes out what may quote what clients sent: keys of grains, messages of
/// errors, what came with a request. A tag that is not known to be harmless goes.
/// </summary>
internal sealed class SpanScrubber : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "server.address", "server.port",
        "network.protocol.name", "network.protocol.version", "network.transport", "network.type",
        "rpc.system", "rpc.service", "rpc.method", "error.type", "status",
        // Statements are ours, and their values parameters.
        "db.system", "db.system.name", "db.name", "db.namespace", "db.user", "db.query.text", "db.statement", "db.operation.name",
        "db.collection.name", "db.stored_procedure.name", "db.response.status_code", "db.npgsql.data_source", "db.npgsql.connection_id");

    public override void OnEnd(Activity data)
    {
        foreach (var (name, _) in data.TagObjects.Where(tag => !Harmless.Contains(tag.Key)).ToList())
        {
            data.SetTag(name, null);
        }

        // Text of whoever sent the request. Null would be that of the span above, which may not have ended yet.
        data.TraceStateString = "";
        if (data.Status == ActivityStatusCode.Error)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
