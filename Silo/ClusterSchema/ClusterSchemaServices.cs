using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.ClusterSchema;

/// <summary>Settings of the installer, section <c>ClusterSchema</c>.</summary>
internal sealed class ClusterSchemaOptions
{
    /// <summary>Folder with Orleans' scripts, at their paths in Orleans' repository or side by side. Unset (default): they are downloaded.</summary>
    public string? Scripts { get; set; }

    /// <summary>
    /// Address (http or https) below which Orleans' repository lies; <c>{ref}</c> stands for the listed commit. Unset (default): that of
    /// the list, <c>sql/orleans/scripts.sha256</c>. Without effect when <see cref="Scripts"/> is set.
    /// </summary>
    public string? Source { get; set; }
}

/// <summary>Composition of the installer of Orleans' tables.</summary>
internal static class ClusterSchemaServices
{
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(30);

    // The largest script has 10 kB.
    private const int LargestScript = 1024 * 1024;

    /// <summary>Registers <see cref="OrleansSchemaInstaller"/>; it needs the data source of <c>AddGrainServices</c>.</summary>
    public static IServiceCollection AddClusterSchema(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ClusterSchemaOptions>().BindConfiguration("ClusterSchema")
            .Validate(o => o.Source is null or "" || Address(o.Source, "") is not null, "ClusterSchema:Source must be an address that starts with http:// or https://.");
        // The factory's own loggers write a stack for each try that fails; the download says in a line what went wrong.
        services.AddHttpClient(OrleansScriptDownload.ClientName).RemoveAllLoggers().ConfigureHttpClient(client =>
        {
            client.Timeout = TryLimit;
            client.MaxResponseContentBufferSize = LargestScript;
        });
        services.AddSingleton(_ => OrleansScriptList.Load());
        services.AddSingleton(CreateSource);
        return services.AddSingleton<OrleansSchemaInstaller>();
    }

    private static OrleansScriptSource CreateSource(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ClusterSchemaOptions>>().Value;
        if (options.Scripts is { Length: > 0 } folder)
        {
            return new OrleansScriptFolder(Path.GetFullPath(folder));
        }

        var list = provider.GetRequiredService<OrleansScriptList>();
        var root = Address(options.Source is { Length: > 0 } given ? given : list.Source, list.Ref)!;
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(OrleansScriptDownload.ClientName);
        return new OrleansScriptDownload(
            client, root, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OrleansScriptDownload>>());
    }

    private static Uri? Address(string template, string reference) =>
        Uri.TryCreate(template.Replace("{ref}", reference, StringComparison.Ordinal), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? address : null;
}
