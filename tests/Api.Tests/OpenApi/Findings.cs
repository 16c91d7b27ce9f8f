namespace Actors.Api.Tests.OpenApi;

/// <summary>Collects what is wrong, so that one failure names it all, in full.</summary>
internal sealed class Findings
{
    private readonly List<string> _all = [];

    public void Check(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            _all.Add(otherwise);
        }
    }

    public void Add(IEnumerable<string> findings) => _all.AddRange(findings);

    public void AssertNone() => Assert.True(_all.Count == 0, string.Join('\n', _all));
}
