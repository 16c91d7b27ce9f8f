using Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

return await CommandLine.RunAsync(args, SiloCommand.Syntax, async arguments =>
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Configuration.AddCommandLine(arguments.Settings);
    builder.AddLogs();
    Actors.Postgres.PostgresStartup.EnsureGiven(builder.Configuration);
    if (await builder.MaintainAsync(arguments))
    {
        return;
    }

    builder.AddTelemetry("planner-memory-silo");
    builder.AddActorHost();
    builder.AddSiloHttp();
    await using var app = builder.Build();
    app.MapSiloHealth();
    await app.RunAsync();
});
