namespace Actors.Compose;

/// <summary>
/// Evaluates the part of Traefik's rule language the labels use: <c>Host</c>, <c>Path</c>, <c>PathPrefix</c> with one argument in
/// backticks, <c>!</c>, <c>&amp;&amp;</c>, <c>||</c> and parentheses.
/// </summary>
internal sealed class TraefikRule(string rule, string host, string path)
{
    private int _at;

    /// <exception cref="FormatException">The rule is not of this language.</exception>
    public static bool Matches(string rule, string host, string path)
    {
        var reader = new TraefikRule(rule, host, path);
        var result = reader.Either();
        return reader.Rest.Length == 0 ? result : throw reader.Fault();
    }

    private string Rest => rule[_at..].TrimStart();

    private bool Either()
    {
        var result = Both();
        while (Take("||"))
        {
            result |= Both();
        }

        return result;
    }

    private bool Both()
    {
        var result = One();
        while (Take("&&"))
        {
            result &= One();
        }

        return result;
    }

    private bool One()
    {
        if (Take("!"))
        {
            return !One();
        }

        if (Take("("))
        {
            var result = Either();
            return Take(")") ? result : throw Fault();
        }

        return Take("Host(`") ? Argument() == host
            : Take("PathPrefix(`") ? path.StartsWith(Argument(), StringComparison.Ordinal)
            : Take("Path(`") ? Argument() == path
            : throw Fault();
    }

    private string Argument()
    {
        var end = rule.IndexOf("`)", _at, StringComparison.Ordinal);
        var argument = end < 0 ? throw Fault() : rule[_at..end];
        _at = end + 2;
        return argument;
    }

    private bool Take(string token)
    {
        if (!Rest.StartsWith(token, StringComparison.Ordinal))
        {
            return false;
        }

        _at = rule.Length - Rest.Length + token.Length;
        return true;
    }

    private FormatException Fault() => new($"Not understood at {_at}: {rule}");
}
