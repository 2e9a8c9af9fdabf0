using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Son1kVers3.Browser.Tests;

/// <summary>What must hold on every page.</summary>
internal static class PageChecks
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // Not that of the view that came with the page, which the app replaces.
    private const string OwnHeading = "#root > :not([inert]) main h1";

    /// <summary>Goes to a path and waits until its own heading is drawn and nothing is loading any more.</summary>
    public static async Task ShowAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator(OwnHeading).First.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        await page.WaitForFunctionAsync("() => !document.querySelector('main [aria-busy=true]')");
    }

    /// <summary>Goes on by Tab until this has the focus, as somebody without a mouse does.</summary>
    public static async Task TabToAsync(this IPage page, ILocator target)
    {
        await target.WaitForAsync();
        for (var step = 0; step < 60 && !await target.EvaluateAsync<bool>("element => element === document.activeElement"); step++)
            await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(target).ToBeFocusedAsync();
    }

    /// <summary>Each rule of axe that the page breaks, with the element that breaks it.</summary>
    /// <remarks>Run in the page itself, for what is wrong alone: Deque's own runner takes ten times as long to tell what is right, too.</remarks>
    public static async Task<string[]> AccessibilityViolationsAsync(this IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
            await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>(
            """
            async () => {
                const { violations } = await axe.run(document, { resultTypes: ['violations'], selectors: false, preload: false });
                return violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}`));
            }
            """);
    }

    /// <summary>By how many pixels the page is wider than the window.</summary>
    /// <remarks>Grids and lists measure themselves after a resize: what is still too wide after a second is.</remarks>
    public static Task<int> HorizontalOverflowAsync(this IPage page) => page.EvaluateAsync<int>(
        """
        async () => {
            const overflow = () => document.documentElement.scrollWidth - innerWidth;
            for (const end = performance.now() + 1000; overflow() > 0 && performance.now() < end;)
                await new Promise(requestAnimationFrame);
            return overflow();
        }
        """);
}
