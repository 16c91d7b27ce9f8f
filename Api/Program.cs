using Actors.Access;
using Actors.Api;
using Actors.Hosting;
using Actors.Http;
using Actors.Migrations;
using Actors.Ops;
using Actors.Postgres;
using Actors.Sessions;

return await CommandLine.RunAsync(args, async arguments =>
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Configuration.AddCommandLine(arguments.Settings);
    builder.AddLogs();

    await using var postgres = await builder.StartPostgresAsync();
    builder.AddActorHost();
    builder.AddHttp();
    builder.AddAccess();
    builder.AddOps();
    builder.AddSessionApi();

    await using var app = builder.Build();
    if (arguments.MigrateOnly)
    {
        await app.Services.GetRequiredService<MigrationRunner>().ApplyAsync(CancellationToken.None);
        return;
    }

    app.UseHttp();
    app.UseAccess();
    app.MapOps();
    app.MapSessions();
    await app.RunAsync();
});
