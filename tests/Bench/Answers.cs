namespace Actors.Bench;

internal static class Answers
{
    /// <exception cref="InvalidOperationException">The service refused; the message holds what it said.</exception>
    public static async Task EnsureSuccessAsync(this HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
