namespace Actors.Hosting;

/// <summary>Asks a health address, for container images that have no program for it.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <returns>The process' exit code: 0 when the answer is 200, else 1.</returns>
    public static async Task<int> RunAsync(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            Console.Error.WriteLine("'--probe' takes an http address.");
            return 2;
        }

        using var client = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await client.GetAsync(uri);
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }
}
