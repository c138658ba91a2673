package io.github.flywheel4j.text;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs, codes (ISO 4217) and English words of currencies. */
final class Currencies {

    private static final String NAMES = """
            USD $ us$ usd dollar dollars buck bucks;EUR € eur euro euros;GBP £ gbp pound pounds quid sterling;JPY ¥ jpy yen
            INR ₹ inr rs rs. rupee rupees;CHF chf franc francs;CNY cny rmb yuan renminbi;KRW ₩ krw;RUB ₽ rub rouble roubles ruble rubles
            BTC ₿ btc bitcoin bitcoins;ETH eth;AUD aud a$;CAD cad c$;NZD nzd;SEK sek krona kronor;NOK nok krone kroner;DKK dkk
            PLN pln zloty zlotys;CZK czk;HUF huf forint forints;TRY ₺ lira liras;BRL brl real reais r$;MXN mxn peso pesos;ZAR zar rand
            AED aed dirham dirhams;SGD sgd s$;HKD hkd hk$;ILS ₪ shekel shekels;THB ฿ thb baht;PHP ₱;NGN ₦ naira;SAR sar riyal riyals
            CENT cent cents;PENNY pence penny pennies""";

    private static final Map<String, String> CODES = codes();

    private Currencies() {}

    /** The code of a folded sign or word, or null. */
    static @Nullable String code(String word) {
        return CODES.get(word);
    }

    static boolean isSign(char c) {
        return Character.getType(c) == Character.CURRENCY_SYMBOL;
    }

    private static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        for (String currency : NAMES.replace("\n", ";").split(";", 0)) {
            String[] names = currency.split(" ", 0);
            for (int i = 1; i < names.length; i++) {
                codes.put(names[i], names[0]);
            }
        }
        return Map.copyOf(codes);
    }
}
