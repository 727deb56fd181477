// Statements as camt.053 has them, for whoever reads them.
#pragma once

#include <string>

namespace obverse::camt053 {

inline std::string balance(const std::string& kind, const std::string& amount,
                           const std::string& side = "CRDT", const std::string& currency = "JPY") {
  return "<Bal><Tp><CdOrPrtry><Cd>" + kind + "</Cd></CdOrPrtry></Tp><Amt Ccy='" + currency + "'>" +
         amount + "</Amt><CdtDbtInd>" + side + "</CdtDbtInd></Bal>";
}
inline std::string entry(const std::string& side, const std::string& amount,
                         const std::string& details, const std::string& status = "<Cd>BOOK</Cd>") {
  return "<Ntry><Amt Ccy='JPY'>" + amount + "</Amt><CdtDbtInd>" + side + "</CdtDbtInd><Sts>" +
         status + "</Sts><BookgDt><Dt>2025-06-18</Dt></BookgDt><ValDt><Dt>2025-06-17</Dt></ValDt>" +
         (details.empty() ? "" : "<NtryDtls>" + details + "</NtryDtls>") + "</Ntry>";
}
inline std::string payment(const std::string& reference, const std::string& more = "") {
  return "<TxDtls><Refs><EndToEndId>" + reference + "</EndToEndId></Refs>" + more + "</TxDtls>";
}
inline std::string document(const std::string& inside, const std::string& version = "08") {
  return "<?xml version='1.0' encoding='UTF-8'?>"
         "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001." +
         version + "'><BkToCstmrStmt><Stmt><Acct><Id><IBAN>JP00TEST</IBAN></Id></Acct>" + inside +
         "</Stmt></BkToCstmrStmt></Document>";
}

}  // namespace obverse::camt053
